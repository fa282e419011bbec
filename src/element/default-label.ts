/** The label of a button whose owner has given none; everything else that is said is loaded when it is needed. */
const LABELS: Readonly<Record<string, string>> = {
  sw: 'Piga simu',
  fr: 'Appeler',
  ar: 'اتصل',
  am: 'ይደውሉ',
  pt: 'Ligar',
  es: 'Llamar',
  de: 'Anrufen',
  ha: 'Kira',
  yo: 'Pè',
  zu: 'Shayela',
  so: 'Wac',
};

/** In the language of the closest `lang`, or of the browser; English where we have no word. */
export function defaultLabel(element: Element): string {
  const language = element.closest<HTMLElement>('[lang]')?.lang || navigator.language;
  return LABELS[language.slice(0, 2)] ?? 'Call';
}
