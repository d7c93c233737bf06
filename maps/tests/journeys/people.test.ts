import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { baseUrl, getJson, openBrowser, postJson, takePicture } from './desk';

interface Staffing {
  total: { grids: number; vacant: number };
  counts: { area: { code: string }; grids: number; vacant: number }[];
  items: { area: { code: string; name: string }; slot: string; state: string }[];
}
interface Roster {
  version: string;
  from: string;
  until: string;
  duties: { area: string; slot: string; date: string; shift: string; worker: { id: string } }[];
}

let browser: Browser;

before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/** Opens the screen in the zone of the territory, by whose days rosters are written. */
async function openPeople(path: string): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1366, height: 768 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  });
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(`${baseUrl}/people/${path}`);
  await page.getByTestId('people').waitFor();
  return page;
}

function journey(name: string, walk: () => Promise<Page>): void {
  test(name, async () => {
    const page = await walk();
    await page.context().close();
  });
}

async function assertAccessible(page: Page, what: string): Promise<void> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(axe, 'utf8'));
  const violations = await page.evaluate(async () => {
    const { axe: runner } = window as unknown as { axe: typeof import('axe-core') };
    const { violations: found } = await runner.run(document);
    return found.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
    );
  });
  assert.deepEqual(violations, [], what);
}

/** A grid somewhere that has no grid worker, with the community and the township around it. */
async function findVacancy() {
  const { items: provinces } = await getJson<{ items: { code: string }[] }>(
    '/api/v1/areas?level=province',
  );
  const staffing = await getJson<Staffing>(
    `/api/v1/staffing?area=${provinces[0]?.code}&limit=1000`,
  );
  const empty = staffing.items.find(
    ({ slot, state }) => slot === 'grid_worker' && state === 'vacant',
  );
  assert.ok(empty, 'a grid without a grid worker');
  const { chain } = await getJson<{ chain: { code: string; level: string }[] }>(
    `/api/v1/areas/${empty.area.code}`,
  );
  const codeOf = (level: string) => chain.find((area) => area.level === level)?.code ?? '';
  return { grid: empty.area, community: codeOf('community'), township: codeOf('township') };
}

const slotOf = async (grid: string, date: string) => {
  const { items } = await getJson<Staffing>(
    `/api/v1/staffing?area=${grid}&all=true${date && `&date=${date}`}`,
  );
  return items.filter(({ slot }) => slot === 'grid_worker').map(({ state }) => state);
};

journey('a vacancy is filled by appointing somebody, who is then on the roster', async () => {
  const { grid, community, township } = await findVacancy();
  const page = await openPeople(township);
  const vacancies = Number(
    /\d+/.exec((await page.getByTestId('vacant').textContent()) ?? '')?.[0] ?? 0,
  );
  assert.ok(vacancies > 0);
  await page.locator(`[data-grid="${grid.code}"][data-state=vacant]`).first().click();
  const card = page.getByTestId('grid-panel').locator('[data-slot=grid_worker]');
  await card.getByText('无人任职').waitFor();
  await takePicture(page, 'people-posts');
  await assertAccessible(page, 'posts');

  await card.getByTestId('appoint').click();
  await card.getByTestId('worker-picker').locator('input').click();
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await card.getByTestId('appoint-confirm').click();
  await card.getByText('在任', { exact: true }).waitFor();
  await page.waitForFunction(
    (wanted) => document.querySelector('[data-testid=vacant]')?.textContent?.includes(wanted),
    String(vacancies - 1),
  );
  const name = (await card.locator('li .link').first().textContent())?.trim() ?? '';
  assert.deepEqual(await slotOf(grid.code, ''), ['filled']);

  await page.getByTestId('to-roster').click();
  const row = page.locator(`[data-person="${name}"]`).first();
  const { from: today } = await getJson<Roster>(`/api/v1/areas/${community}/roster`);
  const cell = row.locator(`[data-date="${today}"]`);
  await cell.focus();
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  await row.locator('[data-chip=day]').waitFor();
  await row.locator('[data-chip=night]').waitFor();
  await page.getByTestId('save-roster').click();
  await page.getByText('排班已保存').waitFor();
  const { duties } = await getJson<Roster>(`/api/v1/areas/${community}/roster`);
  const given = duties.filter(({ area, date }) => area === grid.code && date === today);
  assert.deepEqual(given.map(({ shift }) => shift).sort(), ['day', 'night']);
  // Until somebody was appointed it was empty that day; it is no more.
  assert.equal((await slotOf(grid.code, today)).at(-1), 'filled');
  assert.deepEqual(await slotOf(grid.code, ''), ['filled']);
  return page;
});

journey('shifts are given and handed over by drag, and a week is copied', async () => {
  const { community } = await findVacancy();
  const page = await openPeople(`${community}?part=roster`);
  const rows = page.locator('[data-person]');
  await rows.first().waitFor();
  const names = await page
    .getByTestId('week-table')
    .evaluate((table) =>
      [...table.querySelectorAll('tbody:nth-of-type(2) [data-person]')].map(
        (row) => (row as HTMLElement).dataset.person ?? '',
      ),
    );
  const [absent = '', other = ''] = names;
  const cellOf = (name: string, column: number) =>
    page.locator(`[data-person="${name}"] td`).nth(column);
  for (const column of [2, 3, 4]) {
    await page.locator('[data-shift=day]').dragTo(cellOf(absent, column));
  }
  await page.locator('[data-shift=night]').dragTo(cellOf(other, 2));
  // A turn dropped on another is theirs, in the place of who should be there.
  await cellOf(absent, 4).locator('[data-chip]').dragTo(cellOf(other, 4));
  await cellOf(other, 4).getByText(`替 ${absent}`).waitFor();
  assert.equal(await cellOf(absent, 4).locator('[data-chip]').count(), 0);
  // So does a person who is dropped on another's turn.
  await page
    .locator(`[data-person="${other}"] th`)
    .dragTo(cellOf(absent, 3).locator('[data-chip]'));
  await cellOf(other, 3).getByText(`替 ${absent}`).waitFor();
  await page.getByTestId('save-roster').click();
  await page.getByText('排班已保存').waitFor();
  await takePicture(page, 'people-roster');
  await assertAccessible(page, 'roster');

  const before = await page.getByTestId('week').textContent();
  await page.getByTestId('copy-week').click();
  const copied = page.getByText('已复制到下周');
  const replace = page.getByRole('button', { name: '替换', exact: true });
  await copied.or(replace).waitFor();
  if (await replace.isVisible()) await replace.click();
  await copied.waitFor();
  await page.waitForFunction(
    (text) => document.querySelector('[data-testid=week]')?.textContent !== text,
    before,
  );
  // Who stood in does not do so for ever: the turns are their owner's again.
  await cellOf(absent, 4).locator('[data-chip=day]').waitFor();
  return page;
});

journey('who saves a roster second is shown what the first one did', async () => {
  const { community } = await findVacancy();
  const page = await openPeople(`${community}?part=roster&week=2030-01-07`);
  const table = page.getByTestId('week-table');
  await table.locator('tbody [data-person]').nth(0).waitFor();
  // Without the stream's news the page cannot know of it before the server refuses.
  await page.route('**/api/v1/areas/*/roster?*', (route) =>
    route.request().method() === 'GET' ? route.abort() : route.continue(),
  );
  const week = 'from=2030-01-07&until=2030-01-14';
  const roster = await getJson<Roster>(`/api/v1/areas/${community}/roster?${week}`);
  const posts = await getJson<{
    items: { area: string; slot: string; worker: { id: string; name: string } }[];
  }>(`/api/v1/areas/${community}/posts`);
  const post = posts.items.find(({ slot }) => slot === 'grid_worker');
  assert.ok(post);
  await putRoster(community, week, roster, {
    area: post.area,
    slot: post.slot,
    date: '2030-01-09',
    shift: 'day',
    worker: post.worker.id,
  });
  await page.locator(`[data-person="${post.worker.name}"] td`).nth(4).focus();
  await page.keyboard.press('2');
  await page.unroute('**/api/v1/areas/*/roster?*');
  await page.getByTestId('save-roster').click();
  const notice = page.getByTestId('roster-conflict');
  assert.ok((await notice.textContent())?.includes(post.worker.name));
  await notice.getByRole('button', { name: '在其基础上保留我的改动' }).click();
  await page.getByTestId('save-roster').click();
  await page.getByText('排班已保存').waitFor();
  const merged = await getJson<Roster>(`/api/v1/areas/${community}/roster?${week}`);
  const shifts = merged.duties.filter(({ worker }) => worker.id === post.worker.id);
  assert.deepEqual(
    shifts.map(({ date, shift }) => `${date} ${shift}`),
    ['2030-01-09 day', '2030-01-11 night'],
  );
  return page;
});

async function putRoster(area: string, week: string, { version }: Roster, duty: object) {
  const response = await fetch(`${baseUrl}/api/v1/areas/${area}/roster?${week}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version, duties: [duty] }),
  });
  assert.ok(response.ok, await response.text());
}

journey('a call for help is seen at once, and settled', async () => {
  const { items } = await getJson<{ items: { id: string; name: string }[] }>(
    '/api/v1/workers?on_duty=true&limit=1',
  );
  const worker = items[0];
  assert.ok(worker);
  const page = await openPeople('?part=alarms');
  await page.locator('[data-testid=connection].live').waitFor();
  await page.getByText('您管辖的全部人员').waitFor();
  await postJson(`/api/v1/workers/${worker.id}/panic`, { note: '请求支援' });
  const card = page.locator('[data-alarm=panic]').filter({ hasText: worker.name });
  await card.waitFor();
  await assertAccessible(page, 'alarms');
  await card.getByTestId('settle').click();
  await card.locator('textarea').fill('已电话确认，人员安全');
  await card.getByRole('button', { name: '处置' }).click();
  await card.waitFor({ state: 'detached' });
  await page.getByText('已处置', { exact: true }).first().click();
  await page.getByText('已电话确认，人员安全').first().waitFor();
  return page;
});

journey('a worker goes off duty and comes on again', async () => {
  const { items } = await getJson<{ items: { id: string; on_duty: boolean }[] }>(
    '/api/v1/workers?on_duty=true&limit=1',
  );
  const page = await openPeople(`?worker=${items[0]?.id}`);
  const duty = page.getByTestId('duty');
  await duty.getByText('在岗').waitFor();
  await page.getByTestId('toggle-duty').click();
  await duty.getByText('离岗').waitFor();
  await page.getByTestId('toggle-duty').click();
  await duty.getByText('在岗').waitFor();
  await assertAccessible(page, 'worker');
  return page;
});

journey('an endpoint is made, its secret shown once, tested and paused', async () => {
  const page = await openPeople('?part=organisations');
  await page.getByTestId('organisations').getByRole('button').first().click();
  await page.getByTestId('new-endpoint').click();
  await page.getByTestId('endpoint-url').fill('http://127.0.0.1:9/events');
  await page.getByTestId('create-endpoint').click();
  const secret = page.getByTestId('secret');
  assert.match(await secret.locator('input').inputValue(), /^whsec_/);
  await secret.getByRole('button', { name: '已保存，关闭' }).click();
  const endpoint = page
    .getByTestId('endpoint')
    .filter({ hasText: 'http://127.0.0.1:9/events' })
    .last();
  await endpoint.getByTestId('ping').click();
  await endpoint.getByText('无法连接').first().waitFor();
  await endpoint.getByTestId('toggle').click();
  await endpoint.getByTestId('endpoint-state').getByText('已暂停').waitFor();
  await assertAccessible(page, 'organisations');
  return page;
});

journey('workloads are sorted by any column', async () => {
  const page = await openPeople('?part=workloads');
  const table = page.getByTestId('workloads');
  await table.waitFor();
  await table.getByRole('button', { name: '主办' }).click();
  const led = await table
    .locator('tbody tr td:nth-of-type(2)')
    .evaluateAll((cells) => cells.map((cell) => Number(cell.textContent)));
  assert.ok(led.length > 1);
  assert.deepEqual(
    led,
    [...led].sort((a, b) => b - a),
  );
  await assertAccessible(page, 'workloads');
  return page;
});
