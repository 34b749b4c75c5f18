import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  skipTrailingSlashRedirect: true, // POST /predict/ must answer where it is
  images: { unoptimized: true },
  typescript: { ignoreBuildErrors: true }, // `npm test` checks the types, of everything; a start need not
  // One prom-client registry for routes and background; native and driver packages stay outside the bundles.
  serverExternalPackages: [
    'prom-client',
    'pg',
    'pino',
    'better-auth',
    '@aws-sdk/client-s3',
    '@aws-sdk/lib-storage',
  ],
  turbopack: { root: import.meta.dirname },
  productionBrowserSourceMaps: false,
}

export default config
