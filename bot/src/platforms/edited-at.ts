/** Whether something was changed when the ask was already made. ISO 8601. */
export const isLater = (changed: string | null | undefined, asked: string): boolean =>
  Date.parse(changed ?? "") >= Date.parse(asked);

/** `editedAt` of something in a thread that was changed after it was posted; else nothing. ISO 8601 in and out. */
export const editedAt = (
  posted: string | null | undefined,
  changed: string | null | undefined,
): { readonly editedAt?: string } => {
  const at = Date.parse(changed ?? "");
  return at > Date.parse(posted ?? "") ? { editedAt: new Date(at).toISOString() } : {};
};
