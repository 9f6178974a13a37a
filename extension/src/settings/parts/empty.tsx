import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

/** Nothing here yet, and what to do about it. */
export const Empty = ({
  icon,
  title,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}) => (
  <div className="empty">
    <Icon name={icon} size={24} />
    <h3>{title}</h3>
    {children !== undefined && <div className="mute">{children}</div>}
  </div>
);
