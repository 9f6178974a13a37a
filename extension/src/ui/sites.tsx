import { useState } from "react";
import { askWorker } from "../client.ts";
import type { Overview, SiteView } from "../messages.ts";
import { Chip, Choice, Field, Notice } from "./parts.tsx";
import { requestAccess } from "./request-access.ts";
import { byPerson, useAct } from "./use-act.ts";

const products = [
  ["github", "GitHub Enterprise Server"],
  ["gitlab", "GitLab"],
  ["bitbucket-dc", "Bitbucket Data Center"],
  ["jira-dc", "Jira Data Center"],
] as const;

type Addable = (typeof products)[number][0];

const addressOf = ({ origin }: SiteView): string => origin.replace(/\/\*$/, "");

/** Self-managed servers on which the button appears; each is asked for when it is added. */
export const Sites = ({
  overview,
  show,
}: {
  readonly overview: Overview;
  readonly show: (overview: Overview) => void;
}) => {
  const [address, setAddress] = useState("");
  const [product, setProduct] = useState<Addable>("gitlab");
  const { busy, problem, act } = useAct();

  const add = (url: string, what: Addable): void =>
    void act("add", async () => {
      await requestAccess(url);
      show(await askWorker("add-site", { address: url, product: what }));
      setAddress("");
    });
  const remove = (origin: string): void =>
    void act("remove", async () => show(await askWorker("remove-site", { origin })));
  const choose = (value: string): void => setProduct(products.find(([id]) => id === value)?.[0] ?? "gitlab");

  return (
    <section className="card" aria-labelledby="sites">
      <div className="tight">
        <h2 id="sites">Sites</h2>
        <p className="mute">
          The button is on github.com, gitlab.com, bitbucket.org and *.atlassian.net. Add your own servers
          here.
        </p>
      </div>
      <ul className="close">
        {overview.sites.map((site) => (
          <li key={site.origin} className="row nowrap">
            <span className="grow clip">
              {addressOf(site)}{" "}
              <span className="mute">{products.find(([id]) => id === site.product)?.[1]}</span>
            </span>
            {site.granted ? (
              <Chip tone="good">On</Chip>
            ) : (
              <button type="button" onClick={byPerson(() => add(addressOf(site), site.product as Addable))}>
                Allow
              </button>
            )}
            <button
              type="button"
              className="danger"
              aria-label={`Remove ${addressOf(site)}`}
              onClick={byPerson(() => remove(site.origin))}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      <form className="close" onSubmit={byPerson(() => add(address, product))}>
        <Field
          label="Address of the server"
          value={address}
          onChange={setAddress}
          placeholder="https://git.example.com"
          required
        />
        <Choice label="What runs there" value={product} options={products} onChange={choose} />
        {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
        <div className="row">
          <button type="submit" className="primary" disabled={busy !== undefined}>
            Add site
          </button>
        </div>
      </form>
    </section>
  );
};
