import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

// Compressed once, when it is built, as small as it gets; the gateway sends the file beside the file.
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  // Once the files are written: until then other plugins change them.
  async writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle).filter((one) => one.startsWith('assets/'))) {
      const content = await readFile(`${dir}/${name}`);
      const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
      if (content.length > 1000) await writeFile(`${dir}/${name}.br`, await promisify(brotliCompress)(content, { params }));
    }
  },
};

export default defineConfig({
  plugins: [compressed],
  // The policy allows no styles and images but those of files.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    // Directives are for renderers on servers.
    rolldownOptions: {
      onwarn: (warning, report) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && report(warning),
      // The first file names all others, so that short names make it smaller.
      output: { chunkFileNames: 'assets/[hash].js' },
    },
  },
  server: { proxy: { '/api': `http://localhost:${process.env.INVITEHUB_PORT ?? '8080'}` } },
});
