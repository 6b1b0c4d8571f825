/**
 * Puts the page together: one store, one component, and the first run without a click.
 * Separate from the component so that it can be mounted with any store.
 */
import { mount } from 'svelte';
import App from './App.svelte';
import { keepOffline } from './offline/register.ts';
import { preloadPlotly } from './panels/plot/plotly.ts';
import type { SimulationLine } from './simulation/connect.ts';
import { Storage } from './storage.ts';
import { Workbench } from './workbench.svelte.ts';

export function start(line: SimulationLine): void {
  const target = document.getElementById('app');
  if (target === null) throw new Error('Internal error: the page has no place for the application');
  const workbench = new Workbench(line, new Storage());
  void workbench.start();
  mount(App, { target, props: { workbench } });
  preloadPlotly();
  keepOffline();
}
