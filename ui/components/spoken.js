// Tells the browser and screen readers which language the page is in, and quotes with its marks.

export default function ({ data }) {
  document.documentElement.lang = data.lang;
}
