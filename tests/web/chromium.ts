/**
 * Opens the built page in a real Chromium and listens to everything that must not happen there.
 * Separate from the stories so that each of them starts with one line.
 */
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { expect } from 'vitest';
import { PATIENCE_ms } from '../patience.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** True where there is no browser and the environment allows to go on without one. */
export const isLeftOut = process.env.PACKBENCH_CHROMIUM === undefined && process.env.PACKBENCH_ALLOW_SKIP === '1';

export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.PACKBENCH_CHROMIUM;
  if (executablePath === undefined)
    throw new Error('The tests of the page need a browser: set PACKBENCH_CHROMIUM, or run them by `npm test`, which finds one.');
  // How long it may take to start is said by whoever asks for it.
  return chromium.launch({ executablePath, args: FLAGS, timeout: 0 });
}

/** A file as a person chooses it. */
export interface ChosenFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export interface OpenOptions extends BrowserContextOptions {
  isFirstVisit?: boolean;
}

/** A page with an ear on its console, its errors and its requests. */
export class WatchedPage {
  private readonly complaints: string[] = [];
  private readonly foreign: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    url: string,
  ) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    const { origin } = new URL(url);
    context.on('request', (request) => {
      const asked = new URL(request.url());
      if (['http:', 'https:', 'ws:', 'wss:'].includes(asked.protocol) && asked.origin !== origin) this.foreign.push(request.url());
    });
  }

  /** Opens a page as somebody who has been here before; `isFirstVisit` is told to the first. */
  static async open(browser: Browser, url: string, options: OpenOptions = {}): Promise<WatchedPage> {
    const { isFirstVisit = false, viewport = { width: 1280, height: 800 }, ...others } = options;
    const context = await browser.newContext({ viewport, acceptDownloads: true, ...others });
    context.setDefaultTimeout(PATIENCE_ms);
    if (!isFirstVisit) await context.addInitScript(() => localStorage.setItem('packbench.tour', 'seen'));
    const page = await context.newPage();
    const watched = new WatchedPage(page, context, url);
    await page.goto(url);
    return watched;
  }

  /** The same browser, another page load: what was kept is still there. */
  async reload(): Promise<void> {
    await this.page.reload();
  }

  part(name: string) {
    return this.page.locator(`[data-part="${name}"]`);
  }

  /** Waits until the page says one of these of the run that was asked for last. */
  async waitForStatus(...statuses: string[]): Promise<void> {
    await this.page.waitForSelector(statuses.map((status) => `[data-part="status"][data-status="${status}"]`).join());
  }

  /** Does what starts another run; from then on nothing that is waited for is taken from the run before. */
  async startRun(begin: () => Promise<unknown>): Promise<void> {
    const latest = async () => Number(await this.part('status').getAttribute('data-run'));
    const before = await latest();
    await begin();
    await expect.poll(latest).toBeGreaterThan(before);
  }

  /** Presses Run. */
  async run(): Promise<void> {
    await this.startRun(() => this.part('run').click());
  }

  /** Opens a file whose scenario is run at once. */
  async openRun(file: ChosenFile): Promise<void> {
    await this.startRun(() => this.part('open-file').setInputFiles(file));
  }

  async waitForChart(): Promise<void> {
    await this.page.waitForSelector('[data-part="figure"] .scatterlayer path.js-line', { state: 'attached' });
  }

  /** Result hash of the run that was asked for last, once it is over; its list has to be open. */
  async finishedHash(): Promise<string> {
    await this.waitForStatus('completed');
    return (await this.part('result-hash').textContent()) ?? '';
  }

  /** What the buttons of the chart offer. */
  chartButtons(): Promise<string[]> {
    const buttons = this.part('figure').locator('.modebar-btn');
    return buttons.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['title'] ?? ''));
  }

  /** Runs as fast as possible from now on. */
  async hurry(): Promise<void> {
    await this.part('pace').selectOption('Infinity');
  }

  async close(): Promise<void> {
    await this.context.close();
    expect(this.complaints, 'errors and warnings of the page').toEqual([]);
    expect(this.foreign, 'requests to another origin').toEqual([]);
  }
}
