import type { Locator, Page } from '@playwright/test'

/** Picks one of a list's options by a part of its name. */
export async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}

/**
 * What a field says is wrong with it, as a screen reader tells it: the field is marked as wrong, and its description
 * holds the reason. Empty where nothing is.
 */
export async function faultOf(field: Locator): Promise<string> {
  return field.evaluate((element) => {
    if (element.getAttribute('aria-invalid') !== 'true') return ''
    const ids = element.getAttribute('aria-describedby')?.split(' ') ?? []
    const reasons = ids.filter((id) => id.endsWith('-error'))
    return reasons.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
  })
}

/** The text of what has the focus. */
export const focusedText = (page: Page) =>
  page.evaluate(() => document.activeElement?.textContent.trim() ?? '')
