/**
 * A run's chart as a picture with a line that says where it comes from.
 * Drawn anew in the colours of paper, whatever the page looks like.
 */
import { cellsDiffer, figureOf } from '../panels/plot/figure.ts';
import { paperPalette } from '../panels/plot/palette.ts';
import { loadPlotly, plainText } from '../panels/plot/plotly.ts';
import type { KeptRun } from '../runs.ts';
import { provenanceLine, provenanceOf } from './provenance.ts';

const SIZE = { width: 1200, height: 900 } as const;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export async function pictureOf(run: KeptRun, format: 'png' | 'svg'): Promise<Blob> {
  const plotly = await loadPlotly();
  const { plan, frame, events } = run;
  const view = { from_s: 0, until_s: plan.duration_s };
  const figure = figureOf({
    frame,
    plan,
    events,
    palette: paperPalette(document.body),
    title: run.name,
    mark: undefined,
    cellsDiffer: cellsDiffer(plan, run.document),
    view,
    height_px: SIZE.height,
  });
  const note = {
    text: plainText(provenanceLine(run)),
    xref: 'paper',
    yref: 'paper',
    x: 1,
    y: -0.055,
    xanchor: 'right',
    yanchor: 'top',
    showarrow: false,
    font: { size: 10 },
  };
  const layout = { ...figure.layout, ...SIZE, annotations: [note] } as typeof figure.layout;
  const address = await plotly.toImage({ data: figure.data, layout } as Parameters<typeof plotly.toImage>[0], {
    format,
    ...SIZE,
    scale: format === 'png' ? 2 : 1,
  });
  if (format === 'svg') {
    const drawn = decodeURIComponent(address.slice(address.indexOf(',') + 1));
    const metadata = `<metadata>${escaped(JSON.stringify(provenanceOf(run)))}</metadata>`;
    return new Blob([drawn.replace(/(<svg[^>]*>)/, (opening) => opening + metadata)], { type: 'image/svg+xml' });
  }
  const bytes = Uint8Array.from(atob(address.slice(address.indexOf(',') + 1)), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: 'image/png' });
}
