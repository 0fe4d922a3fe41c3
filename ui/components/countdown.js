// Seconds that run down without asking the server; at zero what they belong to is hidden.

export default function ({ parentElement, data }) {
  const node = parentElement.querySelector(".pv-countdown");
  const end = performance.now() + data.seconds * 1000;
  const holder = () => parentElement.closest?.(data.gone) ?? document.querySelector(data.gone);
  let timer = 0;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    node.textContent = data.text.replace("%", String(Math.max(0, left)));
    const isOver = left <= 0;
    holder()?.classList.toggle("pv-gone", isOver);
    if (isOver) clearInterval(timer);
  };
  timer = setInterval(tick, 250);
  tick();
  return () => clearInterval(timer);
}
