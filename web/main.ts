/**
 * Where the page begins: the simulation starts at once, and beside it comes the page, which is much larger.
 * Separate from start.ts so that the worker does not wait until the page is read.
 */
import { connectSimulation } from './simulation/connect.ts';
import './tokens.css';
import './page.css';

const line = connectSimulation();
void import('./start.ts').then(({ start }) => start(line));
