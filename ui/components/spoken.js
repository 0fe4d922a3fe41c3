// Tells the browser and screen readers which language the page is in, and quotes with its marks.

const state = (window.__portevoixTheme ??= { app: null });

// Dialogs and popovers hang outside the app's own element: they must know whether the theme is dark.
function followTheme() {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app === state.app) return;
  state.app = app;
  const copy = () => {
    document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme;
  };
  new MutationObserver(copy).observe(app, { attributes: true, attributeFilter: ["class"] });
  copy();
}

export default function ({ data }) {
  document.documentElement.lang = data.lang;
  followTheme();
}
