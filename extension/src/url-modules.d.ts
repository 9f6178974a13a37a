/** Parcel builds the file as a bundle of its own and gives its address. */
declare module "url:*" {
  const address: string;
  export default address;
}
