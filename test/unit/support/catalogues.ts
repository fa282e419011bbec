import type { Language } from '../../../src/i18n/language.js';
import { messages as am } from '../../../src/i18n/locales/am.js';
import { messages as ar } from '../../../src/i18n/locales/ar.js';
import { messages as de } from '../../../src/i18n/locales/de.js';
import { messages as en } from '../../../src/i18n/locales/en.js';
import { messages as es } from '../../../src/i18n/locales/es.js';
import { messages as fr } from '../../../src/i18n/locales/fr.js';
import { messages as ha } from '../../../src/i18n/locales/ha.js';
import { messages as pt } from '../../../src/i18n/locales/pt.js';
import { messages as so } from '../../../src/i18n/locales/so.js';
import { messages as sw } from '../../../src/i18n/locales/sw.js';
import { messages as yo } from '../../../src/i18n/locales/yo.js';
import { messages as zu } from '../../../src/i18n/locales/zu.js';
import type { Messages } from '../../../src/i18n/messages.js';

export const CATALOGUES: Readonly<Record<Language, Messages>> = { en, sw, fr, ar, am, pt, es, de, ha, yo, zu, so };
