import { type ReactNode, useEffect, useRef } from "react";

/** One section of the page. Its heading gets the focus when a person comes here by a link, so that readers and the keyboard start there. */
export const Page = ({
  title,
  intro,
  back,
  children,
}: {
  readonly title: string;
  readonly intro?: ReactNode;
  /** The way up, above the heading. */
  readonly back?: ReactNode;
  readonly children: ReactNode;
}) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Ask OpenHands`;
    if (document.activeElement !== null && document.activeElement !== document.body)
      heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <>
      <header className="page-head">
        <div className="tight grow">
          {back}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {intro !== undefined && <p className="mute">{intro}</p>}
        </div>
      </header>
      {children}
    </>
  );
};

/** A part of a section, named by its heading. */
export const Card = ({
  title,
  intro,
  actions,
  children,
}: {
  readonly title: string;
  readonly intro?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) => {
  const id = `part-${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  return (
    <section className="card" aria-labelledby={id}>
      <div className="row nowrap top">
        <div className="tight grow">
          <h2 id={id}>{title}</h2>
          {intro !== undefined && <p className="mute">{intro}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
};
