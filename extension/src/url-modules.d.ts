/** Parcel builds the file as a bundle of its own and gives its address. */
declare module "url:*" {
  const address: string;
  // biome-ignore lint/style/noDefaultExport: Parcel gives the address as the default
  export default address;
}
