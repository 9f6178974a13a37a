import { type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import { Choice } from "../ui/parts.tsx";
import { queries, useChange } from "./api.ts";
import { Icon, type IconName } from "./parts/icon.tsx";
import { usePerson } from "./session/person.tsx";
import { chooseTheme, type Theme, useTheme } from "./theme.ts";
import { useLive } from "./use-live.ts";

const sections: readonly (readonly [path: string, label: string, icon: IconName])[] = [
  ["/integrations", "Integrations", "plug"],
  ["/activity", "Activity", "activity"],
  ["/secrets", "Secrets", "key"],
  ["/members", "Members", "people"],
  ["/devices", "Devices", "device"],
  ["/workspace", "Workspace", "sliders"],
  ["/audit", "Audit", "list"],
  ["/account", "Your account", "person"],
];

const themes = [
  ["system", "Like the system"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;

const isTheme = (value: string): value is Theme => themes.some(([id]) => id === value);

const Sections = () => {
  const [path] = useLocation();
  const { isMaintainer } = usePerson();
  return (
    <nav aria-label="Sections">
      <ul>
        {sections
          .filter(([href]) => isMaintainer || href !== "/audit")
          .map(([href, label, icon]) => (
            <li key={href}>
              <Link
                href={href}
                aria-current={path === href || path.startsWith(`${href}/`) ? "page" : undefined}
              >
                <Icon name={icon} />
                {label}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
};

const Workspaces = () => {
  const { me, workspace, chooseWorkspace } = usePerson();
  if (me.workspaces.length < 2) return <p className="mute clip">{workspace.name}</p>;
  return (
    <Choice
      label="Workspace"
      value={workspace.id}
      options={me.workspaces.map(({ id, name }) => [id, name] as const)}
      onChange={chooseWorkspace}
    />
  );
};

const Line = ({ on }: { readonly on: boolean }) => (
  <p className="small mute line" role="status">
    <span className={on ? "dot on" : "dot"} aria-hidden="true" />
    {on ? "Live" : "Connecting…"}
  </p>
);

/** Menu and head around every section. */
export const Shell = ({ children }: { readonly children: ReactNode }) => {
  const { me, workspace } = usePerson();
  const on = useLive(workspace.id);
  const theme = useTheme();
  const [open, setOpen] = useState(false);
  const signOut = useChange("signOut");
  const leave = (): void =>
    signOut.mutate(
      {},
      {
        onSuccess: () => {
          queries.clear();
          window.location.assign("/");
        },
      },
    );
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="side" data-open={open}>
        <div className="row nowrap">
          <Link href="/integrations" className="brand grow">
            <span className="tile">
              <Icon name="mark" />
            </span>
            Ask OpenHands
          </Link>
          <button
            type="button"
            className="menu-button"
            aria-expanded={open}
            aria-controls="menu"
            onClick={() => setOpen(!open)}
          >
            Menu
          </button>
        </div>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: only closes the menu after a link in it was followed, by key or by hand */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
        <div
          id="menu"
          className="menu"
          onClick={(event) => event.target instanceof HTMLAnchorElement && setOpen(false)}
        >
          <Workspaces />
          <Sections />
          <div className="side-foot close">
            <Choice
              label="Colours"
              value={theme}
              options={themes}
              onChange={(value) => chooseTheme(isTheme(value) ? value : "system")}
            />
            <div className="row nowrap">
              <p className="grow clip">{me.name}</p>
              <button type="button" className="quiet" disabled={signOut.isPending} onClick={leave}>
                Sign out
              </button>
            </div>
            <Line on={on} />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
};
