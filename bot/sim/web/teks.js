// Every sentence the training page shows, in Indonesian. {x} is replaced by a value.

export const teks = {
  lompat: 'Lompat ke kotak tulis warga',
  latihan: 'Latihan',
  jam_latihan: 'Jam latihan',
  majukan: 'Majukan waktu',
  bantuan: 'Tentang halaman latihan ini',
  pilih_panel: 'Pilih sisi percakapan',
  wib: 'WIB',
  maju: {
    detik15: '+15 detik', jam1: '+1 jam', pukul18: 'sampai 18.00', hari1: '+1 hari',
    sudah: 'Sekarang {jam}',
  },
  koneksi: {
    terhubung: 'Terhubung', menyambung: 'Menyambung…', putus: 'Terputus, mencoba lagi…',
  },
  panel: {
    warga: {
      tab: 'Warga', judul: 'Awas Siber', bawah: 'Obrolan pribadi dengan bot', sebagai: 'Anda sebagai',
      log: 'Percakapan warga dengan bot', tulis: 'Tulis pesan…', label: 'Pesan untuk bot',
      kosong: 'Belum ada percakapan.', kosong_bantu: 'Kirim satu contoh kiriman, atau tulis MENU.',
    },
    koordinator: {
      tab: 'Koordinator', judul: 'Grup Koordinator', bawah: 'Petugas dan bot', sebagai: 'Berbicara sebagai',
      log: 'Percakapan grup koordinator', tulis: 'Tulis pesan…', label: 'Pesan atau perintah untuk grup',
      kosong: 'Grup masih sepi.', kosong_bantu: 'Kartu kasus muncul di sini setelah warga mengirim sesuatu.',
    },
  },
  perintah: {
    label: 'Perintah cepat',
    warga: ['MENU', 'LAPOR', 'STATUS', 'RESMI', 'PRIVASI', 'BANTUAN'],
    koordinator: ['/kasus', '/tenggat', '/ringkasan', '/antrean', '/bantuan'],
  },
  tambah_warga: 'Tambah warga',
  nama_warga: 'Warga {n}',
  baru: '{n} baru',
  belum_dibaca: '{n} pesan belum dibaca',
  alat: {
    label: 'Cara mengirim', contoh: 'Contoh kiriman', terusan: 'Diteruskan', tandai: 'Tandai sebagai diteruskan', lokasi: 'Lokasi', stiker: 'Stiker',
    lampirkan: 'Lampirkan foto atau berkas', kirim: 'Kirim', asal: 'Diteruskan dari', lepas: 'Lepas berkas di sini',
    buang: 'Buang {nama}', batal: 'Batal', mengirim: 'Mengirim…', simpan: 'Simpan perubahan',
  },
  pesan: {
    bot: 'Awas Siber', anda: 'Anda', diteruskan: 'Diteruskan', diteruskan_dari: 'Diteruskan dari ', tersembunyi: ' (akun tersembunyi)',
    kanal: ' (saluran)', grup: ' (grup)', diedit: 'diedit', balas: 'Balas', ubah: 'Ubah', membalas: 'Membalas {nama}',
    mengubah: 'Mengubah pesan Anda', tersimpan: 'sudah disimpan bot', menunggu: 'menunggu bot', hilang: 'Berkas ini sudah tidak ada.',
    terbaru: 'Ke pesan terbaru', foto: 'Foto', video: 'Video', suara: 'Pesan suara', berkas: 'Berkas', lokasi: 'Lokasi',
    stiker: 'Stiker', tak_didukung: 'Isi yang tidak dikenal', unduh: 'Unduh {nama}', buka_foto: 'Buka foto ukuran penuh',
    dulu: 'pesan lama', tautan: 'membuka halaman lain',
  },
  hari: ['Minggu', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu'],
  bulan: ['Januari', 'Februari', 'Maret', 'April', 'Mei', 'Juni', 'Juli', 'Agustus', 'September', 'Oktober', 'November', 'Desember'],
  hari_ini: 'Hari ini',
  kemarin: 'Kemarin',
  galat: {
    empty: 'Pesan masih kosong.',
    too_long: 'Pesan terlalu panjang. Paling banyak 4.096 huruf.',
    too_many: 'Terlalu banyak sekaligus. Paling banyak 10 berkas dan 64 orang.',
    too_large: 'Berkas terlalu besar. Paling besar 20 MB.',
    not_yours: 'Hanya pesan sendiri yang bisa diubah, dan bukan pesan terusan.',
    unknown: 'Pesan atau orang itu tidak ada lagi.',
    no_files: 'Berkas tidak bisa dilampirkan pada latihan ini.',
    refused: 'Berkas itu ditolak. Coba berkas lain.',
    gone: 'Berkas itu sudah tidak ada.',
    bad_request: 'Permintaan itu tidak dimengerti.',
    host: 'Halaman latihan hanya bisa dibuka lewat alamat yang diatur pengelolanya.',
    offline: 'Program latihan tidak menjawab. Periksa apakah masih berjalan, lalu coba lagi.',
  },
  sambutan: {
    judul: 'Ini jaringan latihan',
    isi: 'Tidak ada yang terkirim ke luar. Semua percakapan di halaman ini hanya disimpan oleh program ini.',
    langkah: [
      ['Jadilah warga.', 'Di sisi Warga, teruskan satu contoh kiriman ke bot.'],
      ['Tunggu sebentar.', 'Bot mengumpulkan kiriman selama 15 detik. Tombol “+15 detik” mempercepatnya.'],
      ['Jadilah koordinator.', 'Kartu kasus muncul di grup. Tekan Ambil, usulkan hasilnya dengan /putus, lalu setujui sebagai petugas lain.'],
    ],
    peringatan: 'Jangan memasukkan nama, nomor, atau laporan sungguhan di sini.',
    mulai: 'Teruskan contoh pertama', nanti: 'Lihat-lihat dulu',
  },
  pilih: { tutup: 'Tutup' },
  contoh: {
    judul: 'Contoh kiriman',
    isi: 'Semua rekaan untuk latihan. Satu ketukan langsung meneruskannya ke bot.',
    daftar: [
      {
        judul: 'Jam buka TPS',
        teks: '[CONTOH LATIHAN] PENTING! Katanya TPS besok baru buka jam 10 pagi dan tutup jam 3 sore. Tolong sebarkan ke grup sebelah.',
        asal: { k: 'channel', t: 'Kabar Kampung (contoh latihan)' },
      },
      {
        judul: 'Mencoblos lewat tautan',
        teks: '[CONTOH LATIHAN] Sekarang tidak usah antre, bisa mencoblos dari rumah lewat tautan ini: https://coblos-online.contoh.invalid/masuk Berlaku hari ini saja!',
        asal: { k: 'hidden', t: 'Anonim' },
      },
      {
        judul: 'Amplop menjelang pemilihan',
        teks: '[CONTOH LATIHAN] Tadi malam ada orang membagikan amplop dari rumah ke rumah di gang kami, pesannya supaya memilih salah satu calon. Ini melanggar tidak?',
        asal: null,
      },
      {
        judul: 'Pemungutan suara diundur',
        teks: '[CONTOH LATIHAN] Info dari grup: hari pemungutan suara diundur satu minggu karena banjir. Benarkah?',
        asal: { k: 'group', t: 'Grup Warga RT (contoh latihan)' },
      },
      {
        judul: 'Diminta kode OTP',
        teks: '[CONTOH LATIHAN] Ada yang menelepon mengaku petugas pemilu, meminta kode OTP untuk mengecek nama saya di daftar pemilih.',
        asal: null,
      },
    ],
    diteruskan: 'diteruskan dari {nama}', sendiri: 'ditulis sendiri',
  },
  asal: [
    { label: 'Saluran', k: 'channel', t: 'Kabar Kampung (contoh latihan)' },
    { label: 'Grup', k: 'group', t: 'Grup Warga RT (contoh latihan)' },
    { label: 'Seseorang', k: 'user', t: 'Kenalan (contoh latihan)' },
    { label: 'Akun tersembunyi', k: 'hidden', t: 'Anonim' },
    { label: 'Asal tidak diketahui', k: 'unknown', t: '' },
  ],
  lokasi: {
    judul: 'Bagikan lokasi contoh',
    isi: 'Halaman ini tidak membaca lokasi perangkat Anda. Pilih satu titik contoh.',
    daftar: [
      { t: 'Pusat Kota Jambi (contoh)', lat: -1.6101, lon: 103.6131 },
      { t: 'Muara Bulian, Batang Hari (contoh)', lat: -1.7167, lon: 103.2667 },
      { t: 'Sungai Penuh (contoh)', lat: -2.0631, lon: 101.3872 },
    ],
  },
};

// isi puts values into the {holes} of a sentence.
export function isi(kalimat, nilai) {
  return kalimat.replace(/\{(\w+)\}/g, (_, nama) => String(nilai[nama] ?? ''));
}
