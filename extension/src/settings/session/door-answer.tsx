import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Answer } from "../parts/answer.tsx";
import { Door } from "./door.tsx";

/** As `Answer`, for what the whole page hangs on: trouble is told at the door. */
export const DoorAnswer = <T,>(props: {
  readonly of: UseQueryResult<T>;
  readonly label: string;
  readonly children: (value: T) => ReactNode;
}) => {
  const isStuck = props.of.data === undefined && props.of.isError;
  return isStuck ? (
    <Door title="Not just now">
      <Answer {...props} />
    </Door>
  ) : (
    <Answer {...props} />
  );
};
