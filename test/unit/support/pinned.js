globalThis.pinnedRuns = (globalThis.pinnedRuns ?? 0) + 1;

export const value = 'as it was written';
