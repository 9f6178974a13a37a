/** Stands where something will be. `label` says what, for those who cannot see it. */
export const Skeleton = ({ label }: { readonly label: string }) => (
  <div className="skeleton" role="status" aria-label={`Loading ${label}`}>
    <span />
    <span />
    <span />
  </div>
);
