import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  baseUrl,
  fileIncident,
  findGrid,
  getJson,
  openBrowser,
  openDesk,
  takePicture,
} from './desk';

interface Counted {
  key: string | null;
  query: string;
  cases: Record<string, number>;
}

let browser: Browser;
/** A county in which something was settled after it had been escalated. */
let county: Counted;

before(async () => {
  browser = await openBrowser();
  const { breakdowns } = await getJson<{ breakdowns: { groups: Counted[] }[] }>(
    '/api/v1/statistics?by=area&level=county',
  );
  const counties = breakdowns[0]?.groups ?? [];
  const escalated = ({ cases }: Counted) => (cases.resolved ?? 0) - (cases.local ?? 0);
  county = counties.sort((a, b) => escalated(b) - escalated(a))[0] as Counted;
  assert.ok(escalated(county) > 0, 'nothing was escalated in any county');
});
after(() => browser.close());

function journey(name: string, path: () => string, walk: (page: Page) => Promise<void>): void {
  test(name, async () => {
    const page = await openDesk(browser, path());
    try {
      await walk(page);
    } finally {
      await page.context().close();
    }
  });
}

async function findViolations(page: Page): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(axe, 'utf8'));
  return page.evaluate(async () => {
    const { axe: runner } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await runner.run(document);
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
  });
}

journey(
  'from the city into a county, from a figure to its cases, and to one of them',
  () => '/boards',
  async (page) => {
    await takePicture(page, 'boards');
    await page.locator(`[data-area="${county.key}"]`).click();
    await page.waitForURL(`**/boards/${county.key}`);
    await page.locator('[data-crumb="3208"]').waitFor();

    const figure = page.locator('[data-figure^="resolved,escalated"]').first();
    await figure.click();
    const list = page.getByTestId('cases');
    await list.getByTestId('case-count').waitFor();
    const query = new URL(page.url()).searchParams.get('cases') ?? '';
    const { items } = await getJson<{ items: { number: string }[] }>(
      `/api/v1/incidents?${query}&limit=50`,
    );
    const shown = await list
      .locator('[data-case]')
      .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.case));
    assert.deepEqual(
      shown,
      items.map(({ number }) => number),
    );
    assert.match((await list.textContent()) ?? '', /已办结 · 提过级/);

    await list.locator('[data-case]').first().click();
    await page.getByTestId('case-panel').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('case'), shown[0]);
    await page.goBack();
    await list.locator(`[data-case="${shown[0]}"]`).waitFor();
  },
);

journey(
  'a list is as long as its figure says, whatever the period and the filter',
  () => `/boards/${county.key}?period=7d&time=closed&source=worker`,
  async (page) => {
    const tile = page.getByTestId('period-tiles').locator('[data-figure="reported"]');
    const text = ((await tile.textContent()) ?? '').replace(/\D/g, '');
    await tile.click();
    const list = page.getByTestId('cases');
    await list.getByTestId('case-count').waitFor();
    const more = list.getByRole('button', { name: '继续显示' });
    while (await more.isVisible()) {
      const before = await list.locator('[data-case]').count();
      await more.click();
      await page.waitForFunction(
        (count) => document.querySelectorAll('[data-case]').length > count,
        before,
      );
    }
    assert.equal(await list.locator('[data-case]').count(), Number(text));
  },
);

journey(
  'the comparison sorts, and its level changes',
  () => '/boards/3208',
  async (page) => {
    const firstCount = () =>
      page
        .getByTestId('comparison')
        .locator('tbody tr')
        .evaluateAll((rows) => rows.map((row) => Number(row.querySelector('td')?.textContent)));
    const falling = await firstCount();
    assert.deepEqual(
      falling,
      [...falling].sort((a, b) => b - a),
    );
    await page.locator('[data-sort=reported]').click();
    const rising = await firstCount();
    assert.deepEqual(rising, [...falling].reverse());

    await page.getByTestId('level').click();
    await page.getByRole('option', { name: '乡镇街道' }).click();
    await page.waitForURL(/level=township/);
    await page.waitForFunction(
      () => document.querySelectorAll('[data-testid=comparison] tbody tr').length > 50,
    );
  },
);

journey(
  'a report is counted without a reload',
  () => '/boards?period=today',
  async (page) => {
    await page.locator('[data-testid=connection].live').waitFor();
    const open = page.locator('[data-figure="open"]').first();
    const before = Number(((await open.textContent()) ?? '').replace(/\D/g, ''));
    await fileIncident(await findGrid());
    await page.waitForFunction(
      (count) =>
        Number(
          (document.querySelector('[data-figure="open"]')?.textContent ?? '').replace(/\D/g, ''),
        ) > count,
      before,
    );
  },
);

journey(
  'a board has no accessibility violation',
  () => '/boards',
  async (page) => {
    assert.deepEqual(await findViolations(page), []);
    await page.locator('[data-figure="open"]').first().click();
    await page.getByTestId('case-count').waitFor();
    assert.deepEqual(await findViolations(page), []);
    // With dates of one's own and filters, in the other language and theme.
    await page.evaluate(() => {
      localStorage.setItem('wangge.language', 'en');
      localStorage.setItem('wangge.theme', 'dark');
    });
    await page.goto(`${baseUrl}/boards?period=2026-11-01..2026-11-15&source=resident`);
    await page.getByTestId('comparison').waitFor();
    assert.deepEqual(await findViolations(page), []);
  },
);

journey(
  'a wall has no controls, says when it is out of date, and mends itself',
  () => '/boards?wall=1',
  async (page) => {
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.waitForFunction(() => document.querySelector('[data-testid=wall-page] table'));
    assert.equal(await page.locator('a, button, input').count(), 0);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollHeight - window.innerHeight,
    );
    assert.ok(overflow <= 0, `${overflow} px do not fit`);
    assert.deepEqual(await findViolations(page), []);
    await takePicture(page, 'boards-wall');

    // The network goes; news of it comes with the next reload of figures.
    await page.route('**/api/v1/**', (route) => route.abort());
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await page.getByTestId('outdated').waitFor();
    assert.ok(await page.locator('[data-testid=wall-page] table').isVisible());
    await page.unroute('**/api/v1/**');
    await page.getByTestId('outdated').waitFor({ state: 'detached' });

    await page.keyboard.press('Escape');
    await page.getByTestId('board-name').waitFor();
  },
);
