import type { DeviceView } from "@ask-openhands/core/api/types.ts";
import { useAnswer, useChange } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { ConfirmButton } from "../parts/dialog.tsx";
import { Empty } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { Card, Page } from "../parts/page.tsx";
import { PairForm } from "../session/pair-page.tsx";
import { Tokens } from "./tokens.tsx";

const Device = ({ device }: { readonly device: DeviceView }) => {
  const remove = useChange("deleteDevice", "listDevices");
  return (
    <li className="line-item">
      <div className="tight grow">
        <p>
          <strong>{device.name}</strong>
        </p>
        <p className="mute small">
          Paired <Moment at={device.createdAt} /> ·{" "}
          {device.lastUsedAt === undefined ? (
            "not used yet"
          ) : (
            <>
              last used <Moment at={device.lastUsedAt} />
            </>
          )}
        </p>
      </div>
      <ConfirmButton
        label="Revoke"
        accessibleName={`Revoke ${device.name}`}
        title={`Revoke ${device.name}?`}
        confirm="Revoke"
        busy="Revoking…"
        act={() => remove.mutateAsync({ params: { device: device.id } })}
      >
        <p>It cannot ask in your name any more. It can be paired again.</p>
      </ConfirmButton>
    </li>
  );
};

/** Browsers and scripts that act for the person. */
export const DevicesPage = () => {
  const devices = useAnswer("listDevices", {});
  return (
    <Page title="Devices" intro="Browser extensions and scripts that may act in your name.">
      <div className="stack">
        <Card title="Paired browsers">
          <Answer of={devices} label="devices">
            {({ items }) =>
              items.length === 0 ? (
                <Empty icon="device" title="No browser is paired">
                  <p>
                    Install the Ask OpenHands extension, choose “Through your bot” and approve its code here.
                  </p>
                </Empty>
              ) : (
                <ul className="lines">
                  {items.map((device) => (
                    <Device key={device.id} device={device} />
                  ))}
                </ul>
              )
            }
          </Answer>
        </Card>
        <Card title="Pair a browser">
          <PairForm />
        </Card>
        <Tokens />
      </div>
    </Page>
  );
};
