/** A file as the text that it is (Vite, "Importing Asset as String"). */
declare module '*?raw' {
  const text: string;
  export default text;
}
