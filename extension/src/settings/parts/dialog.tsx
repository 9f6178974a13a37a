import { DialogDismiss, DialogHeading, Dialog as Frame } from "@ariakit/react";
import { type ReactNode, useState } from "react";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem-notice.tsx";

/** A window over the page: focus stays inside, Escape closes, focus goes back to where it came from. */
export const Dialog = ({
  title,
  open,
  close,
  children,
}: {
  readonly title: string;
  readonly open: boolean;
  readonly close: () => void;
  readonly children: ReactNode;
}) => (
  <Frame open={open} onClose={close} className="dialog" backdrop={<div className="backdrop" />} unmountOnHide>
    <header className="row nowrap">
      <DialogHeading className="grow">{title}</DialogHeading>
      <DialogDismiss className="quiet bare" aria-label="Close">
        <Icon name="cross" />
      </DialogDismiss>
    </header>
    {children}
  </Frame>
);

/** A button that asks first: what happens, and one word to do it. */
export const ConfirmButton = ({
  label,
  accessibleName,
  title,
  children,
  confirm,
  busy,
  act,
}: {
  readonly label: string;
  readonly accessibleName?: string | undefined;
  readonly title: string;
  /** What it means, said before it is done. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly busy: string;
  readonly act: () => Promise<unknown>;
}) => {
  const [open, setOpen] = useState(false);
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const run = async (): Promise<void> => {
    setRunning(true);
    setProblem(undefined);
    try {
      await act();
      setOpen(false);
    } catch (cause) {
      setProblem(cause);
    } finally {
      setRunning(false);
    }
  };
  const close = (): void => {
    setOpen(false);
    setProblem(undefined);
  };
  return (
    <>
      <button type="button" className="danger" aria-label={accessibleName} onClick={() => setOpen(true)}>
        {label}
      </button>
      <Dialog title={title} open={open} close={close}>
        <div className="mute close">{children}</div>
        <ProblemNotice cause={problem} />
        <div className="row end">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="button" className="danger solid" disabled={running} onClick={() => void run()}>
            {running ? busy : confirm}
          </button>
        </div>
      </Dialog>
    </>
  );
};
