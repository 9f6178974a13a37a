interface Named {
  readonly host: string;
  readonly name: string;
  readonly id?: string | undefined;
}

/** Whether two asks mean the same repository, or both none: by what stays where both tell it, since names change in between. */
export const isSameRepository = (one: Named | undefined, other: Named | undefined): boolean => {
  if (one === undefined || other === undefined) return one === other;
  if (one.host !== other.host) return false;
  return one.id === undefined || other.id === undefined ? one.name === other.name : one.id === other.id;
};
