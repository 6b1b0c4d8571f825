/**
 * Brings the chart library into the page after its first paint, from this origin, by a script tag.
 * Bundling it would hold up the first paint and the build; it is read once and used by whoever asks.
 */
import type * as PlotlyModule from 'plotly.js-dist-min';
import plotlyUrl from 'plotly.js-dist-min/plotly.min.js?url';

export type Plotly = typeof PlotlyModule;

let loading: Promise<Plotly> | undefined;

/** Starts to fetch the library beside the page's own parts; it is not yet run. */
export function preloadPlotly(): void {
  const link = document.createElement('link');
  link.rel = 'preload';
  link.as = 'script';
  link.href = plotlyUrl;
  document.head.append(link);
}

function afterPaint(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
}

function loadScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(url));
    document.head.append(script);
  });
}

export function loadPlotly(): Promise<Plotly> {
  loading ??= afterPaint()
    .then(() => loadScript(plotlyUrl))
    .then(() => (globalThis as unknown as { Plotly: Plotly }).Plotly);
  return loading;
}

/** Invisible characters that change direction or hide others. */
const UNSEEN = /[\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g;

/** User text for a chart, which would read tags, entities and formulas in it: it comes out as it was typed, without < > and $. */
export function plainText(text: string): string {
  return text.replace(/[<>$]/g, '').replace(UNSEEN, '').replaceAll('&', '&amp;');
}
