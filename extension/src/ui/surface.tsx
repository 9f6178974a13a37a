import { type ReactNode, useEffect, useState } from "react";
import { askWorker } from "../client.ts";
import type { Theme } from "../messages.ts";
import { look } from "./look.ts";

const dark = (): MediaQueryList => window.matchMedia("(prefers-color-scheme: dark)");

/** Colours of a page of our own: the person's choice, else the system's. */
export const Surface = ({
  children,
  theme: chosen,
}: {
  readonly children: ReactNode;
  readonly theme?: Theme | undefined;
}) => {
  const [kept, setKept] = useState<Theme>("page");
  const [system, setSystem] = useState(dark().matches);
  useEffect(() => {
    const changed = (): void => setSystem(dark().matches);
    dark().addEventListener("change", changed);
    void askWorker("overview", {}).then(
      (overview) => setKept(overview.theme),
      () => setKept("page"),
    );
    return () => dark().removeEventListener("change", changed);
  }, []);
  const theme = chosen ?? kept;
  const isDark = theme === "page" ? system : theme === "dark";
  return (
    <>
      <style>{`${look} body { margin: 0; background: ${isDark ? "#1b1e27" : "#fff"}; }`}</style>
      <div className="aoh" data-theme={isDark ? "dark" : "light"} lang="en">
        {children}
      </div>
    </>
  );
};
