/**
 * Where the page starts: one store, one component, and the first run without a click.
 * Separate from the component so that nothing but this file runs on import.
 */
import './jitless.ts';
import { mount } from 'svelte';
import App from './App.svelte';
import { keepOffline } from './offline/register.ts';
import { preloadPlotly } from './panels/plot/plotly.ts';
import { connectSimulation } from './simulation/connect.ts';
import './tokens.css';
import './page.css';
import { Storage } from './storage.ts';
import { Workbench } from './workbench.svelte.ts';

const target = document.getElementById('app');
if (target === null) throw new Error('Internal error: the page has no place for the application');

preloadPlotly();
const workbench = new Workbench(connectSimulation(), new Storage());
mount(App, { target, props: { workbench } });
void workbench.start();
keepOffline();
