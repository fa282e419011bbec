/** The page that shows one face alone: `faces.html?face=ringing&lang=ar&dir=rtl&theme=dark`. */
import '../../src/define.js';
import type { SautikitCallButton } from '../../src/element/call-button.js';
import { FACES, showFace, type FaceName } from './faces.js';

const asked = new URLSearchParams(location.search);
const { documentElement: root } = document;
root.lang = asked.get('lang') ?? 'en';
root.dir = asked.get('dir') ?? (root.lang === 'ar' ? 'rtl' : 'ltr');
root.style.colorScheme = asked.get('theme') ?? 'light dark';

const isFace = (name: string | null): name is FaceName => name !== null && name in FACES;
const face = asked.get('face');
const element = document.querySelector<SautikitCallButton>('sautikit-call-button');
if (element) await showFace(element, isFace(face) ? face : 'idle');
root.dataset['ready'] = 'true';
