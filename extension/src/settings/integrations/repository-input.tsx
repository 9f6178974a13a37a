import { Combobox, ComboboxItem, ComboboxPopover, ComboboxProvider } from "@ariakit/react";
import type { Reply } from "@ask-openhands/core/api/types.ts";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Chip } from "../../ui/parts.tsx";
import { client, problemOf } from "../api.ts";
import { usePerson } from "../session/person.tsx";

type Repository = Reply<"listRepositories">["repositories"][number];

/** Milliseconds without a key until the servers are asked. */
const pause = 250;

const useLater = (text: string): string => {
  const [later, setLater] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setLater(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return later;
};

const nameOf = ({ host, name }: Repository): string => `${host}/${name}`;

/** Repositories of the connected code hosts; asked only while the list is open. */
const useRepositories = (typed: string, isOpen: boolean) => {
  const { workspace } = usePerson();
  const words = useLater(typed);
  // What was chosen begins with its server, which is no part of the name that servers search in.
  const query = words.replace(/^[^/]*\.[^/]*\//, "");
  return useQuery({
    queryKey: ["listRepositories", workspace.id, query],
    enabled: isOpen,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      client.call("listRepositories", { params: { workspace: workspace.id }, query: { query } }, { signal }),
  });
};

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onLeave: () => void;
  readonly described: string;
  readonly isWrong: boolean;
}

/** A repository: typed, or picked from what the connected code hosts have. */
export const RepositoryInput = ({ label, value, onChange, onLeave, described, isWrong }: Props) => {
  const [isOpen, setOpen] = useState(false);
  const found = useRepositories(value, isOpen);
  const repositories = found.data?.repositories ?? [];
  const isEmpty = found.data !== undefined && repositories.length === 0;
  return (
    <ComboboxProvider value={value} setValue={onChange} open={isOpen} setOpen={setOpen}>
      <Combobox
        aria-label={label}
        aria-describedby={described}
        aria-invalid={isWrong || undefined}
        autoComplete="none"
        spellCheck={false}
        placeholder="Search, or type owner/name"
        onBlur={onLeave}
      />
      <ComboboxPopover gutter={4} sameWidth unmountOnHide className="choices">
        {repositories.map((repository) => (
          <ComboboxItem key={nameOf(repository)} value={nameOf(repository)} className="choice">
            <span className="grow">
              {repository.name} <span className="mute small">{repository.host}</span>
            </span>
            {repository.private === true && <Chip tone="plain">private</Chip>}
          </ComboboxItem>
        ))}
        <p className="mute small" role="status">
          {found.isPending && "Searching…"}
          {found.isError && problemOf(found.error).detail}
          {isEmpty && "No connected server shows such a repository. You can still type it."}
        </p>
      </ComboboxPopover>
    </ComboboxProvider>
  );
};
