#!/usr/bin/env bash
# Make the static files of the pages anew from npm's packages (needs node and npm).
# `make frontend` runs it and says what differs from the files that are kept.
set -euo pipefail
cd "$(dirname "$0")"
static=../static
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
mkdir -p "$static/css" "$static/js"
npx --no-install sass --style=compressed --no-source-map --quiet-deps --load-path=node_modules --load-path=. \
  app.scss "$static/css/app.css"
version=$(node -p 'require("govuk-frontend/package.json").version')
rm -f "$static"/js/govuk-frontend-*.min.js
sed 's|//# sourceMappingURL=.*||' node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js \
  >"$static/js/govuk-frontend-$version.min.js"
mkdir -p "$static/images"
cp node_modules/@ministryofjustice/frontend/moj/assets/images/icon-document.svg "$static/images/"
# The pages are nobody's brand: no crest, no crown, no font of a government's.
if grep -qE 'GDS Transport|govuk-crest|Frutiger|@font-face|url\("?https?:' "$static/css/app.css"; then
  echo "app.css names a brand, a font file or another host" >&2
  exit 1
fi
cd "$static"
find . -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS
