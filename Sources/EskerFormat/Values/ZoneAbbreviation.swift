/// The zone abbreviations that date and time texts may end with: PostgreSQL's default set.
///
/// Each stands for an offset in seconds east of UTC (`D`: daylight saving time), or for whatever the abbreviation
/// meant in a place at the time.
enum ZoneAbbreviation: Hashable, Sendable {
    case offset(Int32, isDaylight: Bool)
    case place(String)

    static func find(_ lowerCaseName: String) -> ZoneAbbreviation? { table[lowerCaseName] }

    private static let table: [String: ZoneAbbreviation] = {
        var table: [String: ZoneAbbreviation] = [:]
        for entry in list.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            let parts = entry.split(separator: "=")
            let isDaylight = parts[1].hasSuffix("D")
            let offset = Int32(isDaylight ? parts[1].dropLast() : parts[1])
            table[String(parts[0])] = offset.map { .offset($0, isDaylight: isDaylight) } ?? .place(String(parts[1]))
        }
        return table
    }()

    private static let list = """
        acdt=37800D acsst=37800D acst=34200 act=-18000 acwst=31500 adt=-10800D aedt=39600D aesst=39600D aest=36000
        aft=16200 akdt=-28800D akst=-32400 almst=25200D almt=21600 amst=Asia/Yerevan amt=-14400 anast=Asia/Anadyr
        anat=Asia/Anadyr arst=America/Argentina/Buenos_Aires art=America/Argentina/Buenos_Aires ast=-14400
        awsst=32400D awst=28800 azost=0D azot=-3600 azst=Asia/Baku azt=Asia/Baku bdst=7200D bdt=21600 bnt=28800
        bort=28800 bot=-14400 bra=-10800 brst=-7200D brt=-10800 bst=3600D btt=21600 cadt=37800D cast=34200 cct=28800
        cdt=-18000D cest=7200D cet=3600 cetdst=7200D chadt=49500D chast=45900 chut=36000 ckt=Pacific/Rarotonga
        clst=-10800D clt=America/Santiago cot=-18000 cst=-21600 cxt=25200 davt=Antarctica/Davis ddut=36000
        easst=Pacific/Easter east=Pacific/Easter eat=10800 edt=-14400D eest=10800D eet=7200 eetdst=10800D egst=0D
        egt=-3600 est=-18000 fet=10800 fjst=46800D fjt=43200 fkst=Atlantic/Stanley fkt=Atlantic/Stanley fnst=-3600D
        fnt=-7200 galt=-21600 gamt=-32400 gest=Asia/Tbilisi get=Asia/Tbilisi gft=-10800 gilt=43200 gmt=0
        gyt=America/Guyana hkt=28800 hst=-36000 ict=25200 idt=10800D iot=Indian/Chagos irkst=Asia/Irkutsk
        irkt=Asia/Irkutsk irt=12600 ist=7200 jayt=32400 jst=32400 kdt=36000D kgst=21600D kgt=Asia/Bishkek
        kost=Pacific/Kosrae krast=Asia/Krasnoyarsk krat=Asia/Krasnoyarsk kst=32400 lhdt=Australia/Lord_Howe
        lhst=37800 ligt=36000 lint=Pacific/Kiritimati lkt=Asia/Colombo magst=Asia/Magadan magt=Asia/Magadan
        mart=-34200 mawt=Antarctica/Mawson mdt=-21600D mest=7200D mesz=7200D met=3600 metdst=7200D mez=3600
        mht=43200 mmt=23400 mpt=36000 msd=14400D msk=Europe/Moscow mst=-25200 must=18000D mut=14400 mvt=18000
        myt=28800 ndt=-9000D nft=-12600 novst=Asia/Novosibirsk novt=Asia/Novosibirsk npt=20700 nst=-12600
        nut=Pacific/Niue nzdt=46800D nzst=43200 nzt=43200 omsst=Asia/Omsk omst=Asia/Omsk pdt=-25200D pet=-18000
        petst=Asia/Kamchatka pett=Asia/Kamchatka pgt=36000 pht=28800 pkst=21600D pkt=18000 pmdt=-7200D pmst=-10800
        pont=39600 pst=-28800 pwt=32400 pyst=-10800D pyt=America/Asuncion ret=14400 sadt=37800D sast=7200 sct=14400
        sgt=Asia/Singapore taht=-36000 tft=18000 tjt=18000 tkt=Pacific/Fakaofo tmt=Asia/Ashgabat tot=46800
        trut=36000 tvt=43200 uct=0 ulast=32400D ulat=Asia/Ulaanbaatar ut=0 utc=0 uyst=-7200D uyt=-10800 uzst=21600D
        uzt=18000 vet=America/Caracas vlast=Asia/Vladivostok vlat=Asia/Vladivostok volt=Europe/Volgograd vut=39600
        wadt=28800D wakt=43200 wast=25200 wat=3600 wdt=32400D wet=0 wetdst=3600D wft=43200 wgst=-7200D wgt=-10800
        xjt=21600 yakst=Asia/Yakutsk yakt=Asia/Yakutsk yapt=36000 yekst=21600D yekt=Asia/Yekaterinburg z=0 zulu=0
        """
}
