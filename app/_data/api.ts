import { openApiClient } from '#lib/delivery/client/api-client.ts'

/** The REST API with the session's cookie; a call throws `ApiFailure` for anything but success. */
export const api = openApiClient({
  baseUrl: '',
  onFailure: ({ status }, address) => {
    if (status === 401 && !address.startsWith('/api/auth/')) leadToSignIn()
  },
})

/** The session has ended: sign in again and come back to this very view. */
function leadToSignIn(): void {
  const here = window.location.pathname + window.location.search
  window.location.assign(`/login?next=${encodeURIComponent(here)}`)
}
