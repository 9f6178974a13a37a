/** `editedAt` of something in a thread that was changed after it was posted; else nothing. ISO 8601 in and out. */
export const editedAt = (
  posted: string | null | undefined,
  changed: string | null | undefined,
): { readonly editedAt?: string } => {
  const at = Date.parse(changed ?? "");
  return at > Date.parse(posted ?? "") ? { editedAt: new Date(at).toISOString() } : {};
};
