import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  baseUrl,
  fileIncident,
  findGrid,
  findPlainService,
  getJson,
  openBrowser,
  takePicture,
} from './desk';

interface Kept {
  version: number;
  rules: { summon_minutes: number };
}

let browser: Browser;
let found: Kept;

const current = () => getJson<Kept>('/api/v1/rules');

before(async () => {
  browser = await openBrowser();
  found = await current();
});
/** The rules as they were found, for what runs next. */
after(async () => {
  await browser.close();
  await putRules((await current()).version, found.rules);
});

async function putRules(base: number, rules: Kept['rules']): Promise<void> {
  const response = await fetch(`${baseUrl}/api/v1/rules`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ base, note: '另一位管理员', rules }),
  });
  assert.ok(response.ok, await response.text());
}

function journey(name: string, part: string, walk: (page: Page) => Promise<void>): void {
  test(name, async () => {
    const viewport = { width: 1366, height: 768 };
    const page = await browser.newPage({ viewport, locale: 'zh-CN' });
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => {
      throw error;
    });
    try {
      await page.goto(`${baseUrl}/rules/${part}`);
      await page.getByTestId('version-in-force').waitFor();
      await walk(page);
    } finally {
      await page.context().close();
    }
  });
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  const select = page.getByTestId(field);
  await select.click();
  await select.locator('input').fill(option);
  await page.getByRole('option', { name: option, exact: true }).click();
}

async function setMinutes(page: Page, minutes: number): Promise<void> {
  const typed = page.getByTestId('rule-form').getByTestId('minutes').locator('input');
  await typed.fill(String(minutes));
  await typed.blur();
}

async function rehearse(page: Page): Promise<void> {
  await page.getByTestId('rehearse').click();
  await page.getByTestId('rehearsed-rule').first().waitFor();
}

async function violationsOn(page: Page): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(axe, 'utf8'));
  // Colours that are still fading in are no colours yet.
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState === 'finished'),
  );
  return page.evaluate(async () => {
    const { axe: runner } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await runner.run(document);
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
  });
}

journey(
  'a rule of escalation is added, rehearsed and saved, and then warns of a case',
  'escalation',
  async (page) => {
    const service = await findPlainService();
    const { version } = await current();
    await page.getByTestId('add-rule').click();
    await setMinutes(page, 0);
    await choose(page, 'scope-matter', service.name_zh);
    await page.getByTestId('rule-name').fill('一上报就提醒');
    await page.getByTestId('finish-rule').click();
    const change = (await page.getByTestId('change').textContent()) ?? '';
    assert.ok(change.includes(`${service.name_zh}：一到待立案 → 预警`), change);

    assert.equal(await page.getByTestId('save-rules').count(), 0, 'saved before it was rehearsed');
    await rehearse(page);
    const row = page.locator('[data-rule="一上报就提醒"][data-testid=rehearsed-rule]');
    assert.match((await row.getByTestId('times').textContent()) ?? '', /^\d/);
    await row.getByRole('button').first().click();
    const example = row.getByRole('link').first();
    assert.match((await example.getAttribute('href')) ?? '', /^\/\?case=\d+$/);
    await takePicture(page, 'rules-escalation');

    await page.getByTestId('save-note').fill('居民来电须马上有人看');
    await page.getByTestId('save-rules').click();
    await page.getByTestId('version-in-force').getByText('居民来电须马上有人看').waitFor();
    await page.locator('[data-part=versions]').click();
    const saved = page.locator(`[data-version="${version + 1}"]`);
    await saved.getByText('现行', { exact: true }).waitFor();
    await saved.getByText('居民来电须马上有人看').waitFor();

    const { number } = await fileIncident(await findGrid());
    await page.goto(`${baseUrl}/?case=${number}`);
    const timeline = page.getByTestId('timeline');
    await timeline.getByText('时限预警').waitFor();
    await timeline.getByText('按规则「一上报就提醒」自动办理').waitFor();
  },
);

journey('what the server refuses stands at its rule', 'escalation', async (page) => {
  await page.getByTestId('add-rule').click();
  await page.getByTestId('rule-order').getByText('改派').click();
  await page.getByTestId('rule-name').fill('派不出去的改派');
  await page.getByTestId('finish-rule').click();
  await page.getByTestId('rehearse').click();
  await page.getByTestId('rehearsal-error').waitFor();
  const refused = page.locator('[data-rule="派不出去的改派"]').getByTestId('refusal');
  assert.match((await refused.textContent()) ?? '', /“改派”只能用于：待签收/);
  assert.equal(await page.getByTestId('save-rules').count(), 0);
});

journey(
  'what another saved meanwhile is shown, and one’s own goes on top of it',
  'sending',
  async (page) => {
    // Without the stream the page cannot know before the server refuses.
    await page.route('**/api/v1/stream*', (route) => route.abort());
    await page.reload();
    await page.getByTestId('add-rule').click();
    await page.getByTestId('finish-rule').click();
    const { version, rules } = await current();
    await putRules(version, { ...rules, summon_minutes: rules.summon_minutes + 5 });
    await rehearse(page);
    await page.getByTestId('save-rules').click();
    const notice = page.getByTestId('rules-conflict');
    await notice.getByText(`${rules.summon_minutes + 5} 分钟内签收`).waitFor();
    await page.getByTestId('put-over').click();
    assert.equal(await page.getByTestId('change').count(), 1);
    await rehearse(page);
    await page.getByTestId('save-rules').click();
    await page.getByText('与现行规则一致').waitFor();
    const saved = await current();
    assert.equal(saved.version, version + 2);
    assert.equal(saved.rules.summon_minutes, rules.summon_minutes + 5);
  },
);

journey(
  'two versions are compared, and the older restored as a new one',
  'versions',
  async (page) => {
    const { version, rules } = await current();
    await putRules(version, rules);
    const minutes = rules.summon_minutes;
    await putRules(version + 1, { ...rules, summon_minutes: minutes + 7 });
    await page.locator(`[data-version="${version + 2}"]`).waitFor();
    const differences = page.getByTestId('differences');
    await differences.locator('del').getByText(`${minutes} 分钟内签收`).waitFor();
    await differences
      .locator('ins')
      .getByText(`${minutes + 7} 分钟内签收`)
      .waitFor();
    await page
      .locator(`[data-version="${version + 1}"]`)
      .getByTestId('restore')
      .click();
    await page.getByTestId('change').getByText(`${minutes} 分钟内签收`).waitFor();
    await rehearse(page);
    await page.getByTestId('save-rules').click();
    const restored = page.locator(`[data-version="${version + 3}"]`);
    await restored.getByText(`恢复第 ${version + 1} 版`).waitFor();
    assert.equal((await current()).rules.summon_minutes, minutes);
  },
);

journey('a holiday is added by the keyboard, kept, and taken back', 'calendar', async (page) => {
  const calendar = page.getByTestId('year-calendar');
  await takePicture(page, 'rules-calendar');
  await calendar.locator('button[tabindex="0"]').focus();
  await page.keyboard.press('ArrowDown');
  const date = await page.evaluate(() => document.activeElement?.getAttribute('data-date'));
  const day = calendar.locator(`[data-date="${date}"]`);
  const kind = await day.getAttribute('data-kind');
  await page.keyboard.press('Enter');
  await page.getByTestId('day-name').fill('市民日');
  await page.getByTestId('finish-day').click();
  assert.equal(await day.getAttribute('data-kind'), 'holiday');
  await page.reload();
  const change = page.getByTestId('change');
  await change.getByText(`放假：${date} 市民日`).waitFor();
  await change.getByRole('button', { name: '撤销此项' }).click();
  assert.equal(await day.getAttribute('data-kind'), kind);
});

journey('the catalogue is found by word and shows limits and form', 'services', async (page) => {
  await page.getByTestId('catalogue-search').fill('暴露垃圾');
  await page.getByTestId('catalogue').locator('[data-service]').first().click();
  const detail = (await page.getByTestId('service-detail').textContent()) ?? '';
  for (const part of ['暴露垃圾', '城市管理局', '30 分钟', '4 小时', '垃圾种类'])
    assert.ok(detail.includes(part), part);
});

journey('no part has an accessibility violation', 'escalation', async (page) => {
  await page.getByTestId('add-rule').click();
  await rehearse(page);
  assert.deepEqual(await violationsOn(page), [], 'escalation');
  for (const part of ['routing', 'sending', 'calendar', 'services', 'versions']) {
    await page.locator(`[data-part=${part}]`).click();
    await page.locator(`[data-part=${part}][aria-current=page]`).waitFor();
    if (part === 'routing' || part === 'sending') await page.getByTestId('add-rule').click();
    if (part === 'calendar') await page.getByTestId('add-day').click();
    if (part === 'services') await page.getByTestId('service-detail').waitFor();
    if (part === 'versions') await page.getByTestId('versions').waitFor();
    assert.deepEqual(await violationsOn(page), [], part);
  }
});
