/** The custom properties of the element: what they are without a word from the owner, and a few brands of them. */

export type Scheme = 'light' | 'dark';

export interface Colour {
  name: string;
  title: string;
  /** What the element uses by itself, as a colour input can hold it; system colours are near enough. */
  light: string;
  dark: string;
}

export const COLOURS: readonly Colour[] = [
  { name: 'accent', title: 'Button', light: '#0b6b50', dark: '#0b6b50' },
  { name: 'on-accent', title: 'Text on the button', light: '#ffffff', dark: '#ffffff' },
  { name: 'danger', title: 'Hang-up', light: '#c62828', dark: '#c62828' },
  { name: 'on-danger', title: 'Text on hang-up', light: '#ffffff', dark: '#ffffff' },
  { name: 'warning', title: 'What to act upon', light: '#a15c00', dark: '#a15c00' },
  { name: 'surface', title: 'Panel', light: '#ffffff', dark: '#202020' },
  { name: 'text', title: 'Text of the panel', light: '#000000', dark: '#ffffff' },
  { name: 'muted-text', title: 'Paler text', light: '#4d4d4d', dark: '#bcbcbc' },
  { name: 'border', title: 'Lines', light: '#d6d6d6', dark: '#444444' },
  { name: 'focus', title: 'Focus ring', light: '#063e2e', dark: '#71a999' },
];

export interface Measure {
  name: string;
  title: string;
  /** What the element uses by itself. */
  placeholder: string;
  suggest: readonly string[];
}

export const MEASURES: readonly Measure[] = [
  { name: 'radius', title: 'Corners of the button', placeholder: '0.75em', suggest: ['0', '0.35em', '99em'] },
  { name: 'panel-radius', title: 'Corners of the panel', placeholder: '1.25rem', suggest: ['0', '0.5rem', '1.5rem'] },
  { name: 'panel-width', title: 'Width of the panel', placeholder: '20rem', suggest: ['17rem', '23rem'] },
  { name: 'shadow', title: 'Shadow of the panel', placeholder: '0 0.75rem 2.5rem …', suggest: ['none'] },
  { name: 'z-index', title: 'Layer', placeholder: '2147483000', suggest: ['10'] },
];

/** What of the tokens is set. */
export interface Tokens {
  colours: Record<Scheme, Readonly<Record<string, string>>>;
  measures: Readonly<Record<string, string>>;
}

export const NO_TOKENS: Tokens = { colours: { light: {}, dark: {} }, measures: {} };

export interface Brand {
  title: string;
  tokens: Tokens;
}

/** Beside the element's own look, which comes first. */
export const BRANDS: Readonly<Record<string, Brand>> = {
  own: { title: 'The element’s own', tokens: NO_TOKENS },
  duka: {
    title: 'Duka Fresh',
    tokens: {
      colours: {
        light: {
          accent: '#a3340f',
          'on-accent': '#ffffff',
          surface: '#fdfefc',
          text: '#14241c',
          'muted-text': '#4a5b52',
          border: '#d3ddd4',
          focus: '#0b6b50',
        },
        dark: {
          accent: '#f0a546',
          'on-accent': '#2b1600',
          danger: '#ff8d80',
          'on-danger': '#3b0904',
          surface: '#141d18',
          text: '#e8f0ea',
          'muted-text': '#a7b8ae',
          border: '#2a3a32',
          focus: '#52cb9d',
        },
      },
      measures: { radius: '99em', 'panel-radius': '1.5rem' },
    },
  },
  bank: {
    title: 'Bahari Bank',
    tokens: {
      colours: {
        light: {
          accent: '#12356f',
          'on-accent': '#ffffff',
          danger: '#9c1c33',
          surface: '#f7f9fd',
          text: '#0c1b36',
          'muted-text': '#45536e',
          border: '#c3cee2',
          focus: '#c47a00',
        },
        dark: {
          accent: '#9dbdff',
          'on-accent': '#08183a',
          danger: '#ff98a8',
          'on-danger': '#3d0613',
          surface: '#0f1830',
          text: '#e6edfb',
          'muted-text': '#aebbd6',
          border: '#33446b',
          focus: '#ffc35c',
        },
      },
      measures: { radius: '0.2em', 'panel-radius': '0.35rem', 'panel-width': '21rem' },
    },
  },
  studio: {
    title: 'Rangi Studio',
    tokens: {
      colours: {
        light: {
          accent: '#7a1fa2',
          'on-accent': '#ffffff',
          danger: '#ad1457',
          surface: '#fff8fd',
          text: '#2a0f33',
          'muted-text': '#6a4a74',
          border: '#e6cbee',
          focus: '#00796b',
        },
        dark: {
          accent: '#e5a6ff',
          'on-accent': '#31053f',
          danger: '#ff8fb8',
          'on-danger': '#45001f',
          surface: '#1e1024',
          text: '#f7e9fc',
          'muted-text': '#cdb3d6',
          border: '#4f3159',
          focus: '#64d8cb',
        },
      },
      measures: { radius: '0.9em', 'panel-radius': '1.75rem' },
    },
  },
};
