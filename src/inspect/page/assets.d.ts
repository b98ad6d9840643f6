/** What `visualizations/inspector/build.ts` makes for pages, as texts in modules: every bundler takes those. */
declare module '*/dist/inspector/in-page/app.js' {
  /** The document of the app, with places for a token and a nonce. */
  export const html: string;
  /** The sources, as a content security policy writes them, that the document needs. */
  export const scriptSource: string;
  export const styleSource: string;
  /** Of chartroom. */
  export const version: string;
}
declare module '*/dist/inspector/in-page/elk.js' {
  /** elkjs, unchanged: under a licence of its own, which stands in the module. */
  export const program: string;
}
