// Says so at once when a chosen file is larger than this page takes, before it travels.
(() => {
  const form = document.querySelector("form[data-upload-limit]");
  const file = form?.querySelector('input[type="file"]');
  const note = document.getElementById("too-large");
  if (!form || !file || !note) return;
  const limit = Number(form.dataset.uploadLimit);
  const tooLarge = () => [...file.files].some((one) => one.size > limit);
  file.addEventListener("change", () => { note.hidden = !tooLarge(); });
  form.addEventListener("submit", (event) => {
    if (tooLarge()) { event.preventDefault(); note.hidden = false; file.focus(); return; }
    form.querySelector('button[type="submit"]').setAttribute("aria-busy", "true");
  });
})();
