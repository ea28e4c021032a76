/** Run by tests: opens the store in argv[2] and holds it until killed. */
import { openEmbeddedStore } from '../embedded-store.ts';

await openEmbeddedStore({ path: process.argv[2] ?? '' });
console.log('open');
setInterval(() => {}, 60_000);
