/** What Vite makes of an import that is no script. */
declare module '*.css';
declare module '*?url' {
  const address: string;
  export default address;
}
