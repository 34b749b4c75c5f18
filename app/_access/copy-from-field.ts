/**
 * Copies what a field shows; false where the browser does not let us, the text is then selected for the person to
 * copy. The clipboard's own interface is missing where an intranet serves without TLS.
 */
export async function copyFromField(field: HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value)
    return true
  } catch {
    field.focus()
    field.select()
    return document.execCommand('copy')
  }
}
