import { render } from 'preact';
import { listenToAddress } from './book';
import { warmEngine } from './engine-client';
import { listenToMachine } from './live';
import { Shell } from './views/shell';

const root = document.getElementById('book');
if (root === null) throw new Error('index.html has an element with the id book');
listenToAddress();
listenToMachine();
render(<Shell />, root);
// The first key in the editor must not wait for the engine to start.
const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
idle(() => void warmEngine());
