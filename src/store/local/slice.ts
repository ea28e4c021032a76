/** ms of a store's work between two turns of the event loop: little, for it comes on top of what its callers do in theirs. */
export const slice = 1.5;
