import type { ReactNode } from "react";
import { Icon } from "../parts/icon.tsx";

/** What people see who are not inside yet. */
export const Door = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <main className="door">
    <p className="brand">
      <span className="tile">
        <Icon name="mark" />
      </span>
      Ask OpenHands
    </p>
    <section className="card" aria-labelledby="door">
      <h1 id="door">{title}</h1>
      {children}
    </section>
  </main>
);
