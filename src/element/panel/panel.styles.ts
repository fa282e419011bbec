import { controlStyles } from './styles/controls.js';
import { frameStyles } from './styles/frame.js';
import { headStyles } from './styles/head.js';
import { paneStyles } from './styles/panes.js';
import { placeStyles } from './styles/place.js';

/** The panel's style sheet, as text: it is adopted by the shadow root when the panel first shows. */
export const panelStyles = frameStyles + headStyles + controlStyles + paneStyles + placeStyles;
