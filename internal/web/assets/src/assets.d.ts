declare module "*.wasm" {
  const url: string;
  export default url;
}
declare module "htmx.org/dist/htmx.esm.js";
