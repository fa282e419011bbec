import type { CreateEngine } from './facade-port.js';
import { CallController } from './call-controller.js';

/** The door to everything that is loaded on intent; the build makes one file of what lies behind it. */
export const createEngine: CreateEngine = (port) => new CallController(port);
