/** The owner's check from within a page: `const { examinePage } = await import('@sautikit/call-button/doctor')`. */
export { examinePage } from './doctor/examine-page.js';
export type { PageFinding, PageCheck } from './doctor/page-finding.js';
