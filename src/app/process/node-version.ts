/** Imported first by what cannot do without: says so instead of failing at the first function that an old Node lacks. */

/** The oldest Node that has what we use (Promise.withResolvers, node:sqlite without a flag, type stripping). */
const OLDEST = [22, 18] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  throw new Error(`ligature needs Node ${OLDEST.join('.')} or newer, and this is Node ${process.versions.node}`);
}
