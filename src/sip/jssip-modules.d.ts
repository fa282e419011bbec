// JsSIP's single modules carry no usable types of their own; `jssip.ts` gives them the ones that are used.
declare module 'jssip/lib/Parser.js' {
  const module: unknown;
  export default module;
}
declare module 'jssip/lib/RTCSession.js' {
  const module: unknown;
  export default module;
}
declare module 'jssip/lib/UA.js' {
  const module: unknown;
  export default module;
}
